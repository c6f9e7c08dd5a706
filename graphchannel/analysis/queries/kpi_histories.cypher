// Role histories: on which of $days partners counted, with which role, and how many share that.
// A partner counts on a day if it is a partner then and holds a role of the programme; of several
// roles the first in the policy's order counts. Days on which it does not count are left out.
UNWIND $days AS day
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(:Party)
MATCH (role:Role {id: c.role})
WHERE partner.joined_on <= day <= partner.terminated_on
  AND c.valid_from <= day <= c.valid_to
WITH partner, day, min(role.rank) AS rank
ORDER BY day
WITH partner.id AS id, partner.country AS country, collect(day) AS days, collect(rank) AS ranks
RETURN country, days, ranks, count(*) AS partners
