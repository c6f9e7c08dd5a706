// @name        Key city without a distributor's branch
// @section     3.1
// @severity    medium
// @message     No distributor authorized for key city {subject} has an open branch there
// @population  (city:City) WHERE city.key_city = true
//
// Key cities need a branch of a distributor that is authorized around the city: in every place
// within the city's region, as `graphchannel coverage cities` counts as well. A branch is open on its
// first and on its last day.
MATCH (city:City)
WHERE city.key_city = true
  AND NOT EXISTS {
    MATCH (city)<-[b:HAS_BRANCH]-(distributor:Partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE b.opened_on <= $as_of <= b.closed_on
      AND c.role = 'distributor'
      AND c.valid_from <= $as_of <= c.valid_to
      AND distributor.joined_on <= $as_of <= distributor.terminated_on
      AND NOT EXISTS { // a place there that it is not authorized for by name
        MATCH (place:Region)-[:WITHIN]->(:Region {id: city.region_id})
        WHERE NOT EXISTS { MATCH (:Region)-[:PART_OF]->(place) }
          AND NOT EXISTS {
            MATCH (place)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(distributor)
            WHERE named.id <> '*'
              AND a.valid_from <= $as_of <= a.valid_to
          }
      }
  }
RETURN city.id AS subject, city.region_id AS region, city.population AS population
