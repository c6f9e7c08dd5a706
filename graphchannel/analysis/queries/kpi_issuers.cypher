// How many partners counted on $before and on $as_of with a certificate of this issuer.
// A partner that holds certificates of several issuers counts with each of them.
UNWIND [$before, $as_of] AS day
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(issuer:Party)
MATCH (role:Role {id: c.role})
WHERE partner.joined_on <= day <= partner.terminated_on
  AND c.valid_from <= day <= c.valid_to
RETURN issuer.id AS issuer, issuer.name AS name, day, count(DISTINCT partner) AS partners
