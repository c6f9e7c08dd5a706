// @name        Partner without a sales target
// @section     3.2–3.3
// @severity    low
// @message     {subject} has promised no sales for a period that holds the as-of day
// @population  (partner:Partner)
//              WHERE partner.joined_on <= $as_of <= partner.terminated_on AND EXISTS { MATCH
//              (partner)-[c:CERTIFIED_BY]->(:Party) WHERE c.role IN ['vap', 'platinum', 'gold',
//              'silver'] AND c.valid_from <= $as_of <= c.valid_to }
//
// Value-added, platinum, gold and silver partners promise sales. A target for any region or
// industry counts; its first and its last day do as well.
MATCH (partner:Partner)
WHERE partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role IN ['vap', 'platinum', 'gold', 'silver'] AND c.valid_from <= $as_of <= c.valid_to
  }
  AND NOT EXISTS {
    MATCH (partner)-[target:PROMISED]->(:Region|Industry)
    WHERE target.period_start <= $as_of <= target.period_end
  }
RETURN partner.id AS subject
