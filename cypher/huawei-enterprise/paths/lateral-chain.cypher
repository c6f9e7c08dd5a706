// @name        Goods passed between tier-2 resellers
// @section     3
// @severity    info
// @message     {subject} sold product {product} to another reseller of tier 2, and {extra_hands}
//              hands further up to {units} units of it reached end users
// @identity    product
// @population  ()-[s:SUPPLIED]->(:EndUser) WHERE s.shipped_on <= $as_of
// @analysis    goods.paths:lateral
//
// A tier-2 reseller sells to end users. When it sells to another one, the goods pass through more
// hands than the channel has levels, and nobody answers for the end user. The policy is silent on
// it. The finding shows the path with the fewest hops, from reseller to reseller and then to the
// end user.
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
