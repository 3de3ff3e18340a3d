using Xunit;

namespace Streams.Page.Tests;

/// <summary>The tests that share a <see cref="PageSystem"/>; one after the other, for the machine's sake.</summary>
[CollectionDefinition(Name)]
public sealed class PageCollection : ICollectionFixture<PageSystem>
{
    public const string Name = "page";
}
