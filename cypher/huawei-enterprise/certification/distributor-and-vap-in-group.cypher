// @name        One legal group is distributor and value-added partner at once
// @section     4
// @severity    medium
// @message     Distributor {subject} and value-added partner {object} belong to one legal group
// @population  (:Partner)-[:MEMBER_OF]->(:Group)<-[:MEMBER_OF]-(:Partner)
//
// The policy keeps the two tier-1 roles apart. Two companies of one group that hold them for the
// same time follow the letter; whether they follow the intent is for somebody to judge.
MATCH (distributor:Partner)-[:MEMBER_OF]->(legal_group:Group)<-[:MEMBER_OF]-(vap:Partner),
      (distributor)-[d:CERTIFIED_BY]->(:Party),
      (vap)-[v:CERTIFIED_BY]->(:Party)
WHERE d.role = 'distributor'
  AND v.role = 'vap'
  AND d.valid_from <= v.valid_to
  AND v.valid_from <= d.valid_to
RETURN distributor.id AS subject, vap.id AS object, legal_group.id AS legal_group,
       d.valid_from AS distributor_from, d.valid_to AS distributor_to,
       v.valid_from AS vap_from, v.valid_to AS vap_to
