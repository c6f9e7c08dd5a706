// @name        Sales target missed
// @section     3.2–3.3
// @severity    medium
// @message     {subject} sold {sold} of the {promised} {currency} that it promised in {scope} from
//              {period_start} to {period_end}
// @identity    scope, period_start
// @population  (:Partner)-[target:PROMISED]->(:Region|Industry) WHERE target.period_end < $as_of
//
// Targets are judged once their period is over, whoever holds them. For a region all lines into it
// count, for an industry the lines to its end users, save those that go up the channel; what the
// buyer sent back of the product within the period is taken off again. Only lines in the target's
// currency count, and a target without currency is not judged. Amounts are added in ten-thousandths,
// which is exact, and compared in whole cents.
//
// What is unknown never convicts. A line without currency, without a place of delivery, or to an end
// user without an industry may count (`may_count`): a target is missed if all of them together would
// not have met it. With a line among those that has no amount, it is not judged.
MATCH (partner:Partner)-[target:PROMISED]->(region:Region)
WHERE target.period_end < $as_of
  AND target.currency IS NOT NULL
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(buyer:Party)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND s.flow <> 'upstream'
  AND (s.currency IS NULL OR s.currency = target.currency)
  AND (s.destination_id IS NULL
    OR EXISTS { MATCH (:City {id: s.destination_id})-[:WITHIN]->(region) })
WITH partner, region, target, buyer, s.product_id AS product, min(s.shipped_on) AS since,
     count(s) - count(s.amount) AS unpriced, sum(toInteger(round(s.amount * 10000))) AS most,
     sum(CASE WHEN (s.currency IS NOT NULL AND s.destination_id IS NOT NULL)
         THEN toInteger(round(s.amount * 10000)) ELSE 0 END) AS sure
OPTIONAL MATCH (buyer)-[r:SUPPLIED]->(partner) // what it took back
WHERE r.product_id = product
  AND r.flow IN ['upstream', 'other']
  AND since <= r.shipped_on <= target.period_end
  AND r.currency = target.currency
WITH partner, region, target, buyer, product, unpriced, most, sure,
     sum(toInteger(round(r.amount * 10000))) AS back
WITH partner, region, target, sum(unpriced) AS unpriced,
     (sum(CASE WHEN most > back THEN most - back ELSE 0 END) + 50) / 100 AS most_cents,
     (sum(CASE WHEN sure > back THEN sure - back ELSE 0 END) + 50) / 100 AS sold_cents
WHERE unpriced = 0
  AND most_cents < toInteger(round(target.amount * 100))
RETURN partner.id AS subject, region.id AS scope,
       target.period_start AS period_start, target.period_end AS period_end,
       sold_cents / 100.0 AS sold, target.amount AS promised, target.currency AS currency,
       (most_cents - sold_cents) / 100.0 AS may_count
UNION ALL
MATCH (partner:Partner)-[target:PROMISED]->(industry:Industry)
WHERE target.period_end < $as_of
  AND target.currency IS NOT NULL
OPTIONAL MATCH (partner)-[s:SUPPLIED]->(buyer:EndUser)
WHERE target.period_start <= s.shipped_on <= target.period_end
  AND (s.currency IS NULL OR s.currency = target.currency)
  AND (buyer.industry_id IS NULL OR buyer.industry_id = industry.id)
WITH partner, industry, target, buyer, s.product_id AS product, min(s.shipped_on) AS since,
     count(s) - count(s.amount) AS unpriced, sum(toInteger(round(s.amount * 10000))) AS most,
     sum(CASE WHEN (s.currency IS NOT NULL AND buyer.industry_id IS NOT NULL)
         THEN toInteger(round(s.amount * 10000)) ELSE 0 END) AS sure
OPTIONAL MATCH (buyer)-[r:SUPPLIED]->(partner) // what it took back
WHERE r.product_id = product
  AND since <= r.shipped_on <= target.period_end
  AND r.currency = target.currency
WITH partner, industry, target, buyer, product, unpriced, most, sure,
     sum(toInteger(round(r.amount * 10000))) AS back
WITH partner, industry, target, sum(unpriced) AS unpriced,
     (sum(CASE WHEN most > back THEN most - back ELSE 0 END) + 50) / 100 AS most_cents,
     (sum(CASE WHEN sure > back THEN sure - back ELSE 0 END) + 50) / 100 AS sold_cents
WHERE unpriced = 0
  AND most_cents < toInteger(round(target.amount * 100))
RETURN partner.id AS subject, industry.id AS scope,
       target.period_start AS period_start, target.period_end AS period_end,
       sold_cents / 100.0 AS sold, target.amount AS promised, target.currency AS currency,
       (most_cents - sold_cents) / 100.0 AS may_count
