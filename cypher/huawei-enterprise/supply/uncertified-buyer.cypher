// @name        Partner buys without any certificate
// @section     2.1
// @severity    medium
// @message     {subject} supplied {object}, which held no role certificate on the day: {lines}
//              lines, {quantity} units
// @population  ()-[s:SUPPLIED]->(:Partner) WHERE s.shipped_on <= $as_of
//
// Goods for resale belong with certified partners. The buyer may have lost its certificate without
// the seller noticing, so this weighs less than selling without one.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.buyer_role = 'uncertified'
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
