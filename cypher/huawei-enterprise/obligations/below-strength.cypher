// @name        Tier-1 partner below the required strength
// @section     3.1–3.2
// @severity    info
// @message     {subject} has {employees} employees and a capital of {capital}, below what the
//              policy asks of its role
// @optional    minimum_employees, minimum_capital
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role IN ['distributor', 'vap'] AND
//              c.valid_from <= $as_of <= c.valid_to }
//
// Distributors and value-added partners are companies of some size. How large is for the policy to
// say (`minimum_employees`, `minimum_capital`); what it does not say is not judged, nor is a figure
// that nobody recorded.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role IN ['distributor', 'vap'] AND c.valid_from <= $as_of <= c.valid_to
  }
  AND (partner.employees < $minimum_employees OR partner.capital < $minimum_capital)
RETURN partner.id AS subject, partner.employees AS employees, partner.capital AS capital
