// @name        Distributor runs no incentive plan for tier-2 resellers
// @section     3.1
// @severity    low
// @message     Distributor {subject} runs no incentive plan for tier-2 resellers
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND c.valid_from
//              <= $as_of <= c.valid_to }
//
// The vendor's incentives for tier-2 resellers reach them through their distributors. A plan counts
// when it is for a tier-2 role, or names no audience at all.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'distributor' AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (partner)-[plan:RUNS]->(:Program {id: 'incentive'})
    WHERE plan.valid_from <= $as_of <= plan.valid_to
      AND (plan.audience IS NULL OR plan.audience IN ['platinum', 'gold', 'silver', 'recognized'])
  }
RETURN partner.id AS subject
