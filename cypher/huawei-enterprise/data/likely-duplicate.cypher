// @name        One sale under two line ids
// @section     –
// @severity    low
// @message     {subject} to {object}: {lines} lines reported again under another id
// @without     serials
// @population  ()-[s:SUPPLIED]->() WHERE (s.document IS NOT NULL OR s.same_sale IS NOT NULL) AND s.shipped_on <= $as_of
//
// A weekly and a monthly report of the same sales, or the reports of both parties, bring a line
// under two ids, and every total counts it twice. Of lines that agree in seller, buyer, product,
// day, quantity and document, the first by id stands for the sale, and the others are listed.
// The key that a sender names for his lines (`same_sale`) counts instead for each of them, against
// whatever line; those of one file are told apart by their number in it.
// Units with different serial numbers are different units, whatever else they have in common.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE EXISTS {
  MATCH (seller)-[other:SUPPLIED]->(buyer)
  WHERE other.product_id = s.product_id
    AND other.id < s.id
    AND other.shipped_on <= $as_of
    // Both say the same of what their key asks, or one says all that the own key of the other asks.
    AND (
      other.sale = s.sale
      OR s.same_sale IS NOT NULL
        AND all(told IN split(s.sale, '; ') WHERE other.says CONTAINS told)
      OR other.same_sale IS NOT NULL
        AND all(told IN split(other.sale, '; ') WHERE s.says CONTAINS told)
    )
    // Where both have serial numbers, one is in common.
    AND (
      NOT EXISTS {
        MATCH (seller)-[unit:HANDED_OVER]->(buyer), (seller)-[one:HANDED_OVER]->(buyer)
        WHERE unit.shipment_id = s.id
          AND one.shipment_id = other.id
      }
      OR EXISTS {
        MATCH (seller)-[unit:HANDED_OVER]->(buyer), (seller)-[one:HANDED_OVER]->(buyer)
        WHERE unit.shipment_id = s.id
          AND one.shipment_id = other.id
          AND one.serial = unit.serial
      }
    )
}
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
