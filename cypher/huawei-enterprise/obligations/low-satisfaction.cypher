// @name        Distributor's resellers are not satisfied
// @section     3.1
// @severity    low
// @message     Distributor {subject} was rated {mean} on average in {answers} answers of
//              {respondents} respondents
// @population  (:Partner)-[answer:RATED]->(:Partner)
//              WHERE answer.answered_on > $as_of - duration({months: $satisfaction_months}) AND
//              answer.answered_on <= $as_of
//
// Distributors answer for the satisfaction of their tier-2 resellers. All answers of the last
// months (`satisfaction_months`) count alike; too few respondents (`satisfaction_respondents`) are
// no verdict. Scores are added in ten-thousandths, so that a mean on the threshold is not below it
// by rounding.
MATCH (respondent:Partner)-[answer:RATED]->(partner:Partner)
WHERE answer.answered_on > $as_of - duration({months: $satisfaction_months})
  AND answer.answered_on <= $as_of
  AND partner.joined_on <= $as_of <= partner.terminated_on
  AND EXISTS {
    MATCH (partner)-[c:CERTIFIED_BY]->(:Party)
    WHERE c.role = 'distributor' AND c.valid_from <= $as_of <= c.valid_to
  }
WITH partner, count(*) AS answers, count(DISTINCT respondent.id) AS respondents,
     sum(toInteger(round(answer.score * 10000))) AS total
WHERE respondents >= $satisfaction_respondents
  AND total < answers * toInteger(round($satisfaction_threshold * 10000))
RETURN partner.id AS subject, total / answers / 100 / 100.0 AS mean, answers, respondents
