// @name        Distributor without a branch in a key city of its territory
// @section     3.1
// @severity    low
// @message     Distributor {subject} is authorized around key city {object} and has no open branch
//              there
// @population  (distributor:Partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND
//              c.valid_from <= $as_of <= c.valid_to AND EXISTS { MATCH (city:City) WHERE
//              city.key_city = true } AND EXISTS { MATCH
//              (distributor)-[a:AUTHORIZED_IN]->(named:Region) WHERE named.id <> '*' AND
//              a.valid_from <= $as_of <= a.valid_to }
//
// A distributor keeps branches in the key cities of its territory: those around which it is
// authorized by name, in every place within the city's region. Another distributor's branch keeps the
// city itself covered, which is its own rule, but does not excuse.
MATCH (distributor:Partner)-[c:CERTIFIED_BY]->(:Party)
WHERE c.role = 'distributor'
  AND c.valid_from <= $as_of <= c.valid_to
  AND distributor.joined_on <= $as_of <= distributor.terminated_on
MATCH (distributor)-[:AUTHORIZED_IN]->(:Region)<-[:WITHIN]-(part:Region)
MATCH (part)-[:WITHIN]->(home:Region)<-[:WITHIN]-(city:City)
WHERE city.key_city = true
  AND home.id = city.region_id
  AND NOT EXISTS { // a place there that it is not authorized for by name
    MATCH (place:Region)-[:WITHIN]->(:Region {id: city.region_id})
    WHERE NOT EXISTS { MATCH (:Region)-[:PART_OF]->(place) }
      AND NOT EXISTS {
        MATCH (place)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(distributor)
        WHERE named.id <> '*'
          AND a.valid_from <= $as_of <= a.valid_to
      }
  }
  AND NOT EXISTS {
    MATCH (distributor)-[b:HAS_BRANCH]->(city)
    WHERE b.opened_on <= $as_of <= b.closed_on
  }
RETURN DISTINCT distributor.id AS subject, city.id AS object
