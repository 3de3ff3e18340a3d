using Streams.Api.Access;
using Streams.Api.Cluster;
using Streams.Api.Hosting;

namespace Streams.Api.Pages;

/// <summary>Builds the <see cref="PageFrame"/> of a request.</summary>
internal sealed class PageFrames(Previews previews, PublicAddress address, MediaServers media, TimeProvider time)
{
    /// <summary>The frame for who sends this request.</summary>
    public PageFrame For(HttpContext context) => new()
    {
        Now = time.GetUtcNow(),
        Root = context.Request.PathBase.ToString(),
        Previews = previews.For(context.Request.Scheme, address.HostOf(context.Request)),
        MediaNodes = media.Names,
        MayCommand = AccessIdentity.RolesOf(context.User).Contains(AccessRole.Operator),
        Session = AccessIdentity.IsSession(context.User) ? new PageSession(AccessIdentity.NameOf(context.User), AntiForgery.TokenFor(context)) : null,
    };
}
