// @name        Distributor without a branch in a key city of its territory
// @section     3.1
// @severity    low
// @message     Distributor {subject} is authorized around key city {object} and has no open branch
//              there
// @population  (distributor:Partner)-[a:AUTHORIZED_IN]->(:Region)<-[:WITHIN]-(city:City)
//              WHERE city.key_city = true AND a.valid_from <= $as_of <= a.valid_to AND EXISTS {
//              MATCH (distributor)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND
//              c.valid_from <= $as_of <= c.valid_to }
//
// A distributor keeps branches in the key cities of the regions that its authorizations name.
// Another distributor's branch keeps the city itself covered, which is its own rule, but does not
// excuse.
MATCH (distributor:Partner)-[a:AUTHORIZED_IN]->(named:Region)<-[:WITHIN]-(city:City)
WHERE city.key_city = true
  AND named.id <> '*'
  AND a.valid_from <= $as_of <= a.valid_to
  AND distributor.terminated_on >= $as_of
  AND EXISTS {
    MATCH (distributor)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'distributor' AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (distributor)-[b:HAS_BRANCH]->(city)
    WHERE b.opened_on <= $as_of <= b.closed_on
  }
RETURN DISTINCT distributor.id AS subject, city.id AS object
