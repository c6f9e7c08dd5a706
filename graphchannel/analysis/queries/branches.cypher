// The branches that are open on the day.
MATCH (partner:Partner)-[b:HAS_BRANCH]->(city:City)
WHERE b.opened_on <= $as_of <= b.closed_on
RETURN partner.id AS partner, city.id AS city,
       min(b.opened_on) AS first, max(b.closed_on) AS last
