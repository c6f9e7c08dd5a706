// @name        Sales target missed
// @section     3.2–3.3
// @severity    medium
// @message     {subject} sold {sold} of the {promised} {currency} that it promised in {scope} from
//              {period_start} to {period_end}
// @identity    scope, period_start
// @population  (:Partner)-[target:PROMISED]->(:Region|Industry) WHERE target.period_end < $as_of
//
// Targets are judged once their period is over, whoever holds them. For a region all lines into it
// count, for an industry the lines to its end users; only lines in the target's currency do, and a
// target without currency is not judged. Amounts are added in ten-thousandths, which is exact, and
// compared in whole cents.
MATCH (partner:Partner)-[target:PROMISED]->(region:Region)
WHERE target.period_end < $as_of
  AND target.currency IS NOT NULL
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(:Party)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND s.currency = target.currency
  AND EXISTS { MATCH (:City {id: s.destination_id})-[:WITHIN]->(region) }
WITH partner, region, target,
     (sum(toInteger(round(s.amount * 10000))) + 50) / 100 AS sold_cents
WHERE sold_cents < toInteger(round(target.amount * 100))
RETURN partner.id AS subject, region.id AS scope,
       target.period_start AS period_start, target.period_end AS period_end,
       sold_cents / 100.0 AS sold, target.amount AS promised, target.currency AS currency
UNION ALL
MATCH (partner:Partner)-[target:PROMISED]->(industry:Industry)
WHERE target.period_end < $as_of
  AND target.currency IS NOT NULL
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(:EndUser)-[:IN_INDUSTRY]->(industry)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND s.currency = target.currency
WITH partner, industry, target,
     (sum(toInteger(round(s.amount * 10000))) + 50) / 100 AS sold_cents
WHERE sold_cents < toInteger(round(target.amount * 100))
RETURN partner.id AS subject, industry.id AS scope,
       target.period_start AS period_start, target.period_end AS period_end,
       sold_cents / 100.0 AS sold, target.amount AS promised, target.currency AS currency
