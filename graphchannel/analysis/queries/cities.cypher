// Every city; `key_city` is null where the data does not say.
MATCH (city:City)
RETURN city.id AS id, city.name AS name, city.region_id AS region, city.population AS population,
       city.key_city AS key_city, city.latitude AS latitude, city.longitude AS longitude
