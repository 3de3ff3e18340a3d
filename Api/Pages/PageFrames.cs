using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Hosting;

namespace Streams.Api.Pages;

/// <summary>Builds the <see cref="PageFrame"/> of a request.</summary>
internal sealed class PageFrames(IOptions<PreviewOptions> preview, PublicAddress address, MediaServers media, TimeProvider time)
{
    /// <summary>The frame for who sends this request.</summary>
    public PageFrame For(HttpContext context) => new()
    {
        Now = time.GetUtcNow(),
        Root = context.Request.PathBase.ToString(),
        Preview = preview.Value.OriginFor(context.Request.Scheme, address.HostOf(context.Request)),
        PreviewNode = media.Names[0],
        MayCommand = AccessIdentity.RolesOf(context.User).Contains(AccessRole.Operator),
        Session = AccessIdentity.IsSession(context.User) ? new PageSession(AccessIdentity.NameOf(context.User), AntiForgery.TokenFor(context)) : null,
    };
}
