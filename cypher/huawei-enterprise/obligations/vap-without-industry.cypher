// @name        Value-added partner without an industry
// @section     3.2
// @severity    info
// @message     Value-added partner {subject} holds no authorization that names an industry
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role = 'vap' AND c.valid_from <= $as_of
//              <= c.valid_to }
//
// Value-added partners are strong in one industry or more. One whose authorizations name regions
// only has shown none.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'vap' AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (partner)-[a:AUTHORIZED_IN]->(:Region)
    WHERE a.industry_id IS NOT NULL AND a.valid_from <= $as_of <= a.valid_to
  }
RETURN partner.id AS subject
