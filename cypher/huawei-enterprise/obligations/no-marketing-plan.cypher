// @name        Distributor runs no marketing plan
// @section     3.1
// @severity    low
// @message     Distributor {subject} runs no marketing plan
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'distributor' AND c.valid_from
//              <= $as_of <= c.valid_to }
//
// Distributors carry the vendor's branding and marketing plans into their market, whoever the plan
// addresses.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'distributor' AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (partner)-[plan:RUNS]->(:Program {id: 'marketing'})
    WHERE plan.valid_from <= $as_of <= plan.valid_to
  }
RETURN partner.id AS subject
