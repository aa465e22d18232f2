package io.netyard.itests.trial;

import io.netyard.api.netns.NamespaceHolder;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** All that a bundle must do to bring a holder. */
public final class TrialActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(NamespaceHolder.class, new ThreadHolder(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service away.
    }
}
