// @name        Distributor is supplied by somebody else than the vendor
// @section     3.1
// @severity    medium
// @message     {subject}, which is not the vendor, supplied distributor {object}: {lines} lines,
//              {quantity} units
// @population  ()-[s:SUPPLIED]->(:Partner)
//              WHERE s.buyer_role = 'distributor' AND s.shipped_on <= $as_of
//
// A distributor buys from the vendor; goods from anywhere else may be of unknown origin. Returns
// from tier-2 resellers and end users (flow `upstream`) are ordinary business, and so is what comes
// back from a partner without a role, such as a terminated one, that the distributor had supplied with
// the product before.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.buyer_role = 'distributor'
  AND s.seller_role <> 'vendor'
  AND s.flow <> 'upstream'
  AND NOT (s.flow = 'other' AND EXISTS { // back to who had supplied it first
    MATCH (buyer)-[given:SUPPLIED]->(seller)
    WHERE given.product_id = s.product_id
      AND NOT EXISTS {
        MATCH (seller)-[earlier:SUPPLIED]->(buyer)
        WHERE earlier.product_id = s.product_id
          AND earlier.shipped_on < given.shipped_on
      }
  })
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
