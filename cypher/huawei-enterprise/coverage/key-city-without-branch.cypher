// @name        Key city without a distributor's branch
// @section     3.1
// @severity    medium
// @message     No distributor authorized for key city {subject} has an open branch there
// @population  (city:City) WHERE city.key_city = true
//
// Key cities need a branch of a distributor that is authorized in a region around the city. A
// branch is open on its first and on its last day.
MATCH (city:City)
WHERE city.key_city = true
  AND NOT EXISTS {
    MATCH (city)<-[b:HAS_BRANCH]-(distributor:Partner)-[a:AUTHORIZED_IN]->(named:Region),
          (city)-[:WITHIN]->(named),
          (distributor)-[c:CERTIFIED_BY]->(:Party)
    WHERE b.opened_on <= $as_of <= b.closed_on
      AND named.id <> '*'
      AND a.valid_from <= $as_of <= a.valid_to
      AND c.role = 'distributor'
      AND c.valid_from <= $as_of <= c.valid_to
      AND distributor.terminated_on >= $as_of
  }
RETURN city.id AS subject, city.region_id AS region, city.population AS population
