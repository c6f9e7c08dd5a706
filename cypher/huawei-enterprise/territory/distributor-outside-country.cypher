// @name        Distributor supplies outside its authorized countries
// @section     3.1
// @severity    medium
// @message     Distributor {subject} supplied {object} in a place that none of its authorizations
//              names: {lines} lines, {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:Partner)
//              WHERE s.seller_role = 'distributor' AND s.buyer_role IN ['platinum', 'gold',
//              'silver', 'recognized'] AND s.shipped_on <= $as_of
//
// A distributor's business covers the countries that it is authorized for. The line's destination
// must lie within a region that one of its authorizations names on that day; an authorization by
// industry alone names none. Lines without a known destination are not judged, nor is a distributor
// of which no authorization of any time is on record: its territory is unknown.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.seller_role = 'distributor'
  AND s.buyer_role IN ['platinum', 'gold', 'silver', 'recognized']
  AND s.destination_id IS NOT NULL
  AND EXISTS { MATCH (seller)-[:AUTHORIZED_IN]->(:Region) }
  AND NOT EXISTS {
    MATCH (:City {id: s.destination_id})-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(seller)
    WHERE named.id <> '*'
      AND a.valid_from <= s.shipped_on <= a.valid_to
  }
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment, s.destination_id AS destination
