-- The latest word of passes on each proposal.
SELECT proposal_id, result, detail FROM proposal_status ORDER BY proposal_id
