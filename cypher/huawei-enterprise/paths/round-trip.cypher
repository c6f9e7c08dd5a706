// @name        Goods came back to a party that they had left
// @section     3
// @severity    medium
// @message     Up to {units} units of product {product} came back from {object} to {subject},
//              which had sold them
// @identity    product
// @population  ()-[s:SUPPLIED]->(:Partner) WHERE s.shipped_on <= $as_of
// @analysis    goods.trips:round_trips
//
// Sales that run in a circle move no goods to end users; they are the usual sign of a channel that
// is stuffed to make a quarter. The finding names the party to which goods came back, who brought
// them, and the product; its units and amount are those of the lines with which they came back.
//
// Each line of a circle is of the same product, and on the day of the one before it or later, at
// most `window_days` after. Goods that go up the channel to a party that had supplied them are a
// return, which is ordinary business. No more units can have come back than had left. How sure it
// is that they are the same units follows from days and quantities.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, s.id AS shipment, s.product_id AS product,
       s.shipped_on AS day, s.quantity AS quantity, s.seller_role AS seller_role,
       s.buyer_role AS buyer_role, s.flow AS flow
