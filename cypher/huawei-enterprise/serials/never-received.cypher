// @name        Unit sold on that was never received
// @severity    high
// @message     {subject} handed units to {object} that nobody had delivered to it by then:
//              {lines} lines, such as serial number {serial} of product {product}
// @population  (:Partner)-[h:HANDED_OVER]->(:Party) WHERE h.shipped_on <= $as_of
// @analysis    goods.serials:never_received
//
// Where every unit that a partner bought of a product is named by its serial number, a unit that it
// sells under another number has come from elsewhere: a grey import, a forged number. So has one
// whose number the vendor never sold, where every unit that the vendor sold of the product is named.
//
// A number that is only missing proves nothing. If one purchase of the product up to that day lacks a
// number for one of its units, the unit may have been in it, and the partner is not named; nor where
// it has no purchase of the product at all, which is a gap in the reports, unless the vendor's own
// lines are complete. Up to `opening_stock` units of a product may have been in its stock before the
// first line. What arrived on the day of the sale counts as received; what arrived later does not.
MATCH (seller:Party)-[h:HANDED_OVER]->(buyer:Party)
WHERE h.shipped_on <= $as_of
RETURN 'unit' AS what, seller.id AS seller, h.seller_role AS seller_role, buyer.id AS buyer,
  h.product_id AS product, h.serial AS serial, h.shipped_on AS day, h.shipment_id AS shipment,
  1 AS units
UNION ALL
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.shipped_on <= $as_of
  AND (s.seller_role = 'vendor'
    OR EXISTS { (buyer)-[h:HANDED_OVER]->(:Party) WHERE h.product_id = s.product_id })
RETURN 'line' AS what, seller.id AS seller, s.seller_role AS seller_role, buyer.id AS buyer,
  s.product_id AS product, '' AS serial, s.shipped_on AS day, s.id AS shipment,
  s.quantity AS units
