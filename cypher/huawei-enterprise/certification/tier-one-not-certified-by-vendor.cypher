// @name        Tier-1 certificate that the vendor did not issue
// @section     4
// @severity    high
// @message     {subject} holds a tier-1 certificate that another partner issued
// @population  (:Party)-[c:CERTIFIED_BY]->() WHERE c.role IN ['distributor', 'vap']
//
// Distributors and value-added partners are certified on their own account, by the vendor. A
// certificate that a partner issued is worth nothing, or recorded wrongly.
MATCH (holder:Party)-[c:CERTIFIED_BY]->(issuer:Partner)
WHERE c.role IN ['distributor', 'vap']
RETURN holder.id AS subject, c.role AS role, issuer.id AS issuer,
       c.valid_from AS valid_from, c.valid_to AS valid_to
