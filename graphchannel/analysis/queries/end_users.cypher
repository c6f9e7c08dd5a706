// How many end users are in the cities of each region.
MATCH (:EndUser)-[:LOCATED_IN]->(city:City)
RETURN city.region_id AS region, count(*) AS end_users
