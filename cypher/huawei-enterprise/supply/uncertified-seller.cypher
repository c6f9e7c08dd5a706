// @name        Partner sells without any certificate
// @section     2.1
// @severity    high
// @message     {subject} held no role certificate on the day it supplied {object}: {lines} lines,
//              {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->() WHERE s.shipped_on <= $as_of
//
// Every reseller is a tier-1 or a tier-2 partner by certificate. A partner that holds none on the
// day of the line has no place in the channel to sell from. A line that returns goods counts as
// well. Days between two certificates count, few as they may be: the policy grants none.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Party)
WHERE s.seller_role = 'uncertified'
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
