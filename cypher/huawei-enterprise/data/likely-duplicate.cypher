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
    AND other.shipped_on = s.shipped_on
    AND other.quantity = s.quantity
    AND other.document = s.document
    AND other.id < s.id
    AND s.same_sale IS NULL
    AND other.same_sale IS NULL
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
OR s.same_sale IS NOT NULL AND EXISTS {
  MATCH (seller)-[other:SUPPLIED]->(buyer)
  WHERE other.product_id = s.product_id
    AND other.id < s.id
    AND other.shipped_on <= $as_of
    AND (
      other.same_sale = s.same_sale
      OR NOT coalesce(s.same_sale, '') + coalesce(other.same_sale, '') CONTAINS ';'
    )
    AND (NOT s.same_sale CONTAINS 'shipped_on' OR other.shipped_on = s.shipped_on)
    AND (NOT s.same_sale CONTAINS 'quantity' OR other.quantity = s.quantity)
    AND (
      NOT s.same_sale CONTAINS 'document'
      OR coalesce(other.document, '') = coalesce(s.document, '')
    )
    AND (
      NOT s.same_sale CONTAINS 'amount'
      OR coalesce(other.amount, -1) = coalesce(s.amount, -1)
    )
    AND (
      NOT s.same_sale CONTAINS 'currency'
      OR coalesce(other.currency, '') = coalesce(s.currency, '')
    )
    AND (
      NOT s.same_sale CONTAINS 'ship_to_city_id'
      OR coalesce(other.ship_to_city_id, '') = coalesce(s.ship_to_city_id, '')
    )
    AND (
      NOT s.same_sale CONTAINS 'approval'
      OR coalesce(other.approval, '') = coalesce(s.approval, '')
    )
    AND (
      NOT s.same_sale CONTAINS 'reporter_id'
      OR coalesce(other.reporter_id, '') = coalesce(s.reporter_id, '')
    )
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
OR EXISTS {
  MATCH (seller)-[other:SUPPLIED]->(buyer)
  WHERE other.product_id = s.product_id
    AND other.id < s.id
    AND other.shipped_on <= $as_of
    AND other.same_sale IS NOT NULL
    AND NOT coalesce(s.same_sale, '') + coalesce(other.same_sale, '') CONTAINS ';'
    AND (NOT other.same_sale CONTAINS 'shipped_on' OR other.shipped_on = s.shipped_on)
    AND (NOT other.same_sale CONTAINS 'quantity' OR other.quantity = s.quantity)
    AND (
      NOT other.same_sale CONTAINS 'document'
      OR coalesce(other.document, '') = coalesce(s.document, '')
    )
    AND (
      NOT other.same_sale CONTAINS 'amount'
      OR coalesce(other.amount, -1) = coalesce(s.amount, -1)
    )
    AND (
      NOT other.same_sale CONTAINS 'currency'
      OR coalesce(other.currency, '') = coalesce(s.currency, '')
    )
    AND (
      NOT other.same_sale CONTAINS 'ship_to_city_id'
      OR coalesce(other.ship_to_city_id, '') = coalesce(s.ship_to_city_id, '')
    )
    AND (
      NOT other.same_sale CONTAINS 'approval'
      OR coalesce(other.approval, '') = coalesce(s.approval, '')
    )
    AND (
      NOT other.same_sale CONTAINS 'reporter_id'
      OR coalesce(other.reporter_id, '') = coalesce(s.reporter_id, '')
    )
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
