// @name        Partner certified as distributor and value-added partner at once
// @section     4
// @severity    critical
// @message     {subject} is certified as distributor and as value-added partner for the same time
// @population  (:Partner)-[c:CERTIFIED_BY]->() WHERE c.role IN ['distributor', 'vap']
//
// The two tier-1 roles exclude each other: one stocks for resellers, the other sells to end users.
// One common day is enough, also one that lies ahead. Moving from one role to the other is no
// finding.
MATCH (partner:Partner)-[d:CERTIFIED_BY]->(:Party), (partner)-[v:CERTIFIED_BY]->(:Party)
WHERE d.role = 'distributor'
  AND v.role = 'vap'
  AND d.valid_from <= v.valid_to
  AND v.valid_from <= d.valid_to
RETURN partner.id AS subject,
       d.valid_from AS distributor_from, d.valid_to AS distributor_to,
       v.valid_from AS vap_from, v.valid_to AS vap_to
