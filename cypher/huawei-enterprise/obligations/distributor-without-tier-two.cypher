// @name        Distributor that certified no tier-2 reseller
// @section     3.1
// @severity    low
// @message     Distributor {subject} has certified no tier-2 reseller whose certificate still holds
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND c.valid_from
//              <= $as_of <= c.valid_to }
//
// Recruiting and certifying tier-2 resellers is a distributor's work. One without a single valid
// tier-2 certificate of its own issue does not do it.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'distributor' AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (:Party)-[t:CERTIFIED_BY]->(partner)
    WHERE t.role IN ['platinum', 'gold', 'silver', 'recognized']
      AND t.valid_from <= $as_of <= t.valid_to
  }
RETURN partner.id AS subject
