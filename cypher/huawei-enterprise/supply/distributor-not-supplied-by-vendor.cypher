// @name        Distributor is supplied by somebody else than the vendor
// @section     3.1
// @severity    medium
// @message     {subject}, which is not the vendor, supplied distributor {object}: {lines} lines,
//              {quantity} units
// @population  ()-[s:SUPPLIED]->(:Partner)
//              WHERE s.buyer_role = 'distributor' AND s.shipped_on <= $as_of
//
// A distributor buys from the vendor; goods from anywhere else may be of unknown origin. Returns
// from tier-2 resellers and end users (flow `upstream`) are ordinary business.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.buyer_role = 'distributor'
  AND s.seller_role <> 'vendor'
  AND s.flow <> 'upstream'
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
