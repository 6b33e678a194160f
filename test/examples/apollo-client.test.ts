import { describePage } from './support/page-suite';

describePage('apollo-client');
