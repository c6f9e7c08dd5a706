// @name        Goods diverted to an end user
// @section     3.2
// @severity    high
// @message     {subject} handed product {product} on against the policy, and up to {units} units
//              of it reached end users
// @identity    product
// @population  ()-[s:SUPPLIED]->(:EndUser) WHERE s.shipped_on <= $as_of
// @analysis    goods.paths:forbidden
//
// Goods are diverted when they reach an end user over a hop that the policy forbids, such as from a
// value-added partner to a tier-2 reseller. The finding names who handed them on and the product;
// of the paths that they can have taken, the one with the fewest hops is shown, from the forbidden
// hop on. From whom the seller had them is not guessed.
//
// A hop follows another when the buyer sells the same product on the same day or later, at most
// `window_days` after. Without serial numbers the lines prove the first hop and the sale; how sure
// it is that the goods are the same follows from days and quantities, and the finding says so. No
// more units can have arrived than were handed on, nor than end users were sold. Goods sent back to
// a supplier are a return, and no hop.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, s.id AS shipment, s.product_id AS product,
       s.shipped_on AS day, s.quantity AS quantity, s.seller_role AS seller_role,
       s.buyer_role AS buyer_role, s.flow AS flow
