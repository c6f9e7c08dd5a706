// @name        One unit handed over twice
// @severity    high
// @message     {subject} handed units to {object} that it had handed to others before, and not
//              received back: {lines} lines, such as serial number {serial}, which {earlier} has by
//              line {earlier_line}
// @population  (:Party)-[h:HANDED_OVER]->(:Party) WHERE h.shipped_on <= $as_of
// @analysis    goods.serials:handed_over_twice
//
// A unit leaves a party once. One that hands the same serial number to a second buyer, without having
// received it back, from whomever, has two units with one number: a copied number, goods that were
// never there, or a return that it left out. A delivery that nobody reported is taken for granted
// once, before the first hand-over; what comes later came back. It is judged by the lines that name
// it, so nobody else's silence counts against it. A number counts within its product; what comes
// back on the same day counts as back; a second line to a buyer who has the unit already is the same
// hand-over, reported again.
MATCH (seller:Party)-[h:HANDED_OVER]->(buyer:Party)
WHERE h.shipped_on <= $as_of
RETURN seller.id AS seller, buyer.id AS buyer, h.product_id AS product, h.serial AS serial,
  h.shipped_on AS day, h.shipment_id AS shipment, h.seller_role AS seller_role,
  h.buyer_role AS buyer_role
