// Units that carry a serial number, of one product or, where that is empty, of all.
MATCH (seller:Party)-[h:HANDED_OVER]->(buyer:Party)
WHERE h.shipped_on >= $since
  AND h.shipped_on <= $until
  AND ($product = '' OR h.product_id = $product)
RETURN h.serial AS serial, h.shipment_id AS shipment, seller.id AS seller, buyer.id AS buyer,
  h.product_id AS product, h.shipped_on AS day, h.seller_role AS seller_role,
  h.buyer_role AS buyer_role
