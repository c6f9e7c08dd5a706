// @name        Goods reached an end user over a discouraged hop
// @section     3.1
// @severity    medium
// @message     {subject} handed product {product} on in a way that the policy discourages, and up
//              to {units} units of it reached end users
// @identity    product
// @population  ()-[s:SUPPLIED]->(:EndUser) WHERE s.shipped_on <= $as_of
// @analysis    goods.paths:discouraged
//
// The same as a diversion, for hops against which the policy speaks in principle only, such as from
// a distributor straight to an end user: by product, where the rule over lines goes by end user. It
// weighs medium at most.
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
