// @name        Trade with a terminated partner
// @section     2.1
// @severity    critical
// @message     {subject} supplied {object} after one of them had left the channel: {lines} lines,
//              {quantity} units
// @population  ()-[s:SUPPLIED]->() WHERE s.flow <> 'upstream' AND s.shipped_on <= $as_of
//
// A partner whose contract ended trades no more, save for the days that the policy grants to sell
// off its stock (`sell_off_days`, counted from its last day as a partner). Sending goods back up
// the channel stays possible: to a party of an earlier tier, and, for a partner that has no role any
// more, to whoever had supplied it with the product before.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.flow <> 'upstream'
  AND (s.shipped_on - duration({days: $sell_off_days}) > seller.terminated_on
    OR s.shipped_on - duration({days: $sell_off_days}) > buyer.terminated_on)
  AND NOT (s.flow = 'other' AND 'uncertified' IN [s.seller_role, s.buyer_role] AND EXISTS {
    MATCH (buyer)-[given:SUPPLIED]->(seller) // back to who had supplied it first
    WHERE given.product_id = s.product_id
      AND NOT EXISTS {
        MATCH (seller)-[earlier:SUPPLIED]->(buyer)
        WHERE earlier.product_id = s.product_id
          AND earlier.shipped_on < given.shipped_on
      }
  })
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment,
       seller.terminated_on AS seller_terminated_on, buyer.terminated_on AS buyer_terminated_on
