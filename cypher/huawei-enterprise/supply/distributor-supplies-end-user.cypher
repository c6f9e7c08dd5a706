// @name        Distributor supplies an end user
// @section     3.1
// @severity    medium
// @message     Distributor {subject} supplied end user {object} directly: {lines} lines, {quantity}
//              units
// @population  (:Partner)-[s:SUPPLIED]->()
//              WHERE s.seller_role = 'distributor' AND s.shipped_on <= $as_of
//
// Distributors stock and move goods for tier-2 resellers; serving end users is the resellers' part.
// The policy says so in principle only, so such a line asks for an explanation, or a waiver, and is
// no breach in itself.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE s.seller_role = 'distributor'
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
