// @name        Tier-2 reseller buys from a distributor that did not certify it
// @section     3.1
// @severity    info
// @message     Tier-2 reseller {subject} bought from {object}, which did not certify it: {lines}
//              lines, {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->(:Partner)
//              WHERE s.seller_role = 'distributor' AND s.buyer_role IN ['platinum', 'gold',
//              'silver', 'recognized'] AND s.shipped_on <= $as_of
//
// A distributor answers for the resellers that it certified. Buying elsewhere is not forbidden, but
// nobody then answers for the goods. Resellers that the vendor certified may buy from any
// distributor.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.seller_role = 'distributor'
  AND s.buyer_role IN ['platinum', 'gold', 'silver', 'recognized']
  AND NOT EXISTS {
    MATCH (buyer)-[c:CERTIFIED_BY]->(issuer:Party)
    WHERE c.role IN ['platinum', 'gold', 'silver', 'recognized']
      AND c.valid_from <= s.shipped_on <= c.valid_to
      AND (issuer.id = seller.id OR issuer:Vendor)
  }
RETURN buyer.id AS subject, seller.id AS object, s.id AS shipment
