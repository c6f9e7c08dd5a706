// @name        Partner sold more than it had received
// @section     3.1
// @severity    medium
// @message     From {since} on, {subject} had sold more of product {product} than it had received;
//              up to {units} units are of unknown source
// @identity    product
// @population  ()-[s:SUPPLIED]->(:Partner) WHERE s.shipped_on <= $as_of
// @analysis    goods.balance:out_exceeds_in
//
// What a partner has sold of a product by some day, it must have received by then, or have had in
// stock before the first line (`opening_stock`). More than that came from a source that nobody
// reported. The finding shows the lines of the days on which more was missing than on any day
// before. The lines prove how much is missing, not where it came from.
//
// All lines count, returns in both directions too, and goods received on a day can be sold on it. A
// product of which no purchase is on record, returns apart, is not judged: a partner is not
// convicted because a report is missing.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, s.id AS shipment, s.product_id AS product,
       s.shipped_on AS day, s.quantity AS quantity, s.seller_role AS seller_role,
       s.buyer_role AS buyer_role, s.flow AS flow
