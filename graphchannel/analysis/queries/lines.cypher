// Lines that goods may be followed along, of one product or, where that is empty, of all.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.shipped_on >= $since
  AND s.shipped_on <= $until
  AND ($product = '' OR s.product_id = $product)
RETURN s.id AS shipment, seller.id AS seller, buyer.id AS buyer, s.product_id AS product,
  s.shipped_on AS day, s.quantity AS quantity, s.seller_role AS seller_role,
  s.buyer_role AS buyer_role
