using Microsoft.AspNetCore.Authorization;
using Streams.Api.Wire;

namespace Streams.Api.Problems;

/// <summary>Documents on every endpoint that is not open what its policy answers.</summary>
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
