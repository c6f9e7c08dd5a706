// @name        Goods left the territory that they were sold for
// @section     3.3
// @severity    medium
// @message     {subject} sold goods to end user {object} in a place for which neither it nor its
//              suppliers held an authorization
// @population  (:Partner)-[s:SUPPLIED]->(:EndUser) WHERE s.destination_id IS NOT NULL AND
//              s.shipped_on <= $as_of
//
// A tier-1 partner supplies a reseller for the reseller's territory. When the reseller sells the
// goods to an end user elsewhere, and the tier-1 partner has no authorization there either, nobody
// on their path was meant to serve that place. An authorization by industry alone holds everywhere.
//
// Judged are the authorizations on the day of the sale. A partner that has none on record is
// unknown, and so is the territory of goods that may have come from it, from the vendor or from
// another reseller: as long as one supplier of the product, in the `window_days` before the sale,
// may have been in its right, nothing is found. Sales that the seller alone was not authorized for
// have a rule of their own. (DISTINCT drops nothing: it keeps Neo4j from pairing all lines first.)
MATCH (seller:Partner)-[b:SUPPLIED]->(user:EndUser)
WHERE b.destination_id IS NOT NULL
  AND EXISTS { // it has authorizations on record
    MATCH (seller)-[h:AUTHORIZED_IN]->(:Region)
    WHERE h.valid_from <= b.shipped_on <= h.valid_to
  }
  AND NOT EXISTS {
    MATCH (:City {id: b.destination_id})-[:WITHIN]->(:Region)<-[h:AUTHORIZED_IN]-(seller)
    WHERE h.valid_from <= b.shipped_on <= h.valid_to
  }
WITH DISTINCT seller, b, user
WHERE NOT EXISTS { // no supplier may have sent them there rightly
    MATCH (other:Party)-[c:SUPPLIED]->(seller)
    WHERE c.product_id = b.product_id
      AND b.shipped_on - duration({days: $window_days}) <= c.shipped_on <= b.shipped_on
      AND c.flow <> 'upstream'
      AND (c.flow <> 'sell_through'
        OR NOT EXISTS {
          MATCH (other)-[h:AUTHORIZED_IN]->(:Region)
          WHERE h.valid_from <= b.shipped_on <= h.valid_to
        }
        OR EXISTS {
          MATCH (:City {id: b.destination_id})-[:WITHIN]->(:Region)<-[h:AUTHORIZED_IN]-(other)
          WHERE h.valid_from <= b.shipped_on <= h.valid_to
        })
  }
MATCH (source:Partner)-[a:SUPPLIED]->(seller)
WHERE a.product_id = b.product_id
  AND b.shipped_on - duration({days: $window_days}) <= a.shipped_on <= b.shipped_on
  AND a.flow = 'sell_through'
RETURN seller.id AS subject, user.id AS object, [source.id, seller.id, user.id] AS path,
       [a.id, b.id] AS shipments, 'possible' AS certainty, b.destination_id AS destination
