// @name        One unit with two end users
// @severity    medium
// @message     {subject} handed units to {object} that other end users have by the lines of others:
//              {lines} lines, such as serial number {serial}, which {earlier} has by line
//              {earlier_line}
// @population  (:Party)-[h:HANDED_OVER]->(:EndUser) WHERE h.shipped_on <= $as_of
// @analysis    goods.serials:with_two_end_users
//
// Two sellers each handed the same serial number to an end user, and no line says that the first of
// the two gave the unit away. One number was copied, or the first end user sold or returned its unit
// and nobody reported that; end users report nothing themselves, so the finding is no more than
// medium, and names the later seller because it can tell where it had the unit from. A number counts
// within its product. Two sales by one seller are serials/handed-over-twice.
MATCH (seller:Party)-[h:HANDED_OVER]->(buyer:Party)
WHERE h.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, h.product_id AS product, h.serial AS serial,
  h.shipped_on AS day, h.shipment_id AS shipment, h.seller_role AS seller_role,
  h.buyer_role AS buyer_role
