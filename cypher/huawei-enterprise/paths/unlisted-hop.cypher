// @name        Goods reached an end user over a hop that the policy does not list
// @section     3
// @severity    info
// @message     {subject} handed product {product} on in a way on which the policy is silent, and
//              up to {units} units of it reached end users
// @identity    product
// @population  ()-[s:SUPPLIED]->(:EndUser) WHERE s.shipped_on <= $as_of
// @analysis    goods.paths:unlisted
//
// No permitted path has such a hop, and no section rules on it either: from distributor to
// distributor, from the vendor to a reseller or an end user, to or from a partner without
// certificate. It is shown so that somebody can decide. Hops between tier-2 resellers have a rule
// of their own.
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
