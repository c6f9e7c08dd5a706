// @name        Unit diverted to an end user, by its serial number
// @section     3.2
// @severity    high
// @message     {subject} handed {units} units of product {product} on against the policy that reached
//              end users by their serial numbers
// @identity    product
// @population  (:Party)-[h:HANDED_OVER]->(:EndUser) WHERE h.shipped_on <= $as_of
// @analysis    goods.diverted_units:diverted
//
// What paths/diverted finds possible by product, days and quantities, serial numbers prove: each
// unit of the finding stands on every line of its path, from the first that names it to the end
// user. The finding names who took the first hop that the policy forbids; of the paths that units
// took, the one with the fewest hops is shown. Where the history of a unit has a break, a hop
// before it is not held against a sale after it: two units may carry the number.
MATCH (seller:Party)-[h:HANDED_OVER]->(buyer:Party)
WHERE h.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, h.product_id AS product, h.serial AS serial,
  h.shipped_on AS day, h.shipment_id AS shipment, h.seller_role AS seller_role,
  h.buyer_role AS buyer_role
