// @name        One sale under two line ids
// @section     –
// @severity    low
// @message     {subject} to {object}: {lines} lines with product, day, quantity and document of another
// @without     serials
// @population  ()-[s:SUPPLIED]->() WHERE s.document IS NOT NULL AND s.shipped_on <= $as_of
//
// A weekly and a monthly report of the same sales, or the reports of both parties, bring a line
// under two ids, and every total counts it twice. Of lines that agree in seller, buyer, product,
// day, quantity and document, the first by id stands for the sale, and the others are listed.
// Units with different serial numbers are different units, whatever else they have in common.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE EXISTS {
  MATCH (seller)-[other:SUPPLIED]->(buyer)
  WHERE other.product_id = s.product_id
    AND other.shipped_on = s.shipped_on
    AND other.quantity = s.quantity
    AND other.document = s.document
    AND other.id < s.id
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
