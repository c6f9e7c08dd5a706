// @name        Value-added partner supplies a tier-2 reseller
// @section     3.2
// @severity    high
// @message     Value-added partner {subject} supplied tier-2 reseller {object}: {lines} lines,
//              {quantity} units
// @population  (:Partner)-[s:SUPPLIED]->() WHERE s.seller_role = 'vap' AND s.shipped_on <= $as_of
//
// Value-added partners sell to end users; goods they pass to a tier-2 reseller leave the controlled
// channel. A partner that holds a distributor certificate on the same day counts as distributor
// here; holding both is its own finding.
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.seller_role = 'vap'
  AND s.buyer_role IN ['platinum', 'gold', 'silver', 'recognized']
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
