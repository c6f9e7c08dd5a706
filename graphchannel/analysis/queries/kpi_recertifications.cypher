// Certificates of the programme's roles that end from $as_of to $until, with none to follow.
// One follows if the same partner holds the same role on the day after. Partners that leave by then
// need none.
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(issuer:Party)
MATCH (role:Role {id: c.role})
WHERE partner.joined_on <= $as_of
  AND c.valid_from <= $as_of <= c.valid_to
  AND c.valid_to <= $until
  AND partner.terminated_on > c.valid_to
  AND NOT EXISTS {
    MATCH (partner)-[next:CERTIFIED_BY]->(:Party)
    WHERE next.role = c.role
      AND next.valid_from <= c.valid_to + duration({days: 1}) <= next.valid_to
  }
RETURN c.valid_to AS ends_on, partner.id AS partner, partner.name AS name, c.role AS role,
       partner.country AS country, issuer.id AS issuer
ORDER BY ends_on, partner, role, issuer
