// @name        Partner does not offer what its role must offer
// @section     3.1–3.4
// @severity    medium
// @message     {subject} does not offer {object}, which its role must offer
// @population  (partner:Partner)-[c:CERTIFIED_BY]->(:Party), (role:Role)-[:MUST_OFFER]->(:Capability) WHERE role.id = c.role AND c.valid_from <= $as_of <= c.valid_to AND partner.terminated_on >= $as_of
//
// Each role owes its customers certain services, from logistics to presales support; the policy lists
// them. A partner owes those of every role that it holds on the day.
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(:Party),
      (role:Role)-[duty:MUST_OFFER]->(capability:Capability)
WHERE role.id = c.role
  AND c.valid_from <= $as_of <= c.valid_to
  AND partner.terminated_on >= $as_of
  AND NOT EXISTS {
    MATCH (partner)-[o:OFFERS]->(capability)
    WHERE o.valid_from <= $as_of <= o.valid_to
  }
RETURN partner.id AS subject, capability.id AS object, role.id AS role, duty.section AS role_section
