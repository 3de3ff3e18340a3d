using Microsoft.AspNetCore.Authorization;
using Streams.Api.Wire;

namespace Streams.Api.Problems;

/// <summary>Documents the 401, 403 and 429 of every endpoint that is not open to all.</summary>
internal static class RefusalMetadata
{
    public static RouteGroupBuilder DocumentRefusals(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                foreach (int status in (int[])[401, 403, 429])
                {
                    endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Problem), [ProblemResult.ContentType]));
                }
            }
        });
        return group;
    }
}
