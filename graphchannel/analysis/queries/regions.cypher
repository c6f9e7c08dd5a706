// Every region, its own demand and the region that it is part of.
MATCH (region:Region)
WHERE region.id <> '*'
RETURN region.id AS id, region.name AS name, region.parent_id AS parent,
       region.country AS country, region.demand AS demand
