// @name        Partner does not offer what its role must offer
// @section     3.1–3.4
// @severity    medium
// @message     {subject} does not offer {object}, which its role must offer
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role <> 'certified_end_user' AND
//              c.valid_from <= $as_of <= c.valid_to }
//
// Each role owes its customers certain services, from logistics to presales support; the policy
// lists them. A partner owes those of every role that it holds on the day.
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(:Party)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND c.valid_from <= $as_of <= c.valid_to
MATCH (role:Role {id: c.role})-[duty:MUST_OFFER]->(capability:Capability)
WHERE NOT EXISTS {
  MATCH (partner)-[o:OFFERS]->(capability)
  WHERE o.valid_from <= $as_of <= o.valid_to
}
RETURN partner.id AS subject, capability.id AS object, role.id AS role, duty.section AS role_section
